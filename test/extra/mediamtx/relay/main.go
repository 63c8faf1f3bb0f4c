// Relay publishes to readers what one publisher sends it, over TCP and UDP: the RTSP engine of MediaMTX (gortsplib) without
// the rest of it, for machines that cannot have MediaMTX itself. Usage: relay RTSP-ADDRESS RTP-ADDRESS RTCP-ADDRESS.
package main

import (
	"fmt"
	"log"
	"os"
	"sync"

	"github.com/bluenviron/gortsplib/v4"
	"github.com/bluenviron/gortsplib/v4/pkg/base"
	"github.com/bluenviron/gortsplib/v4/pkg/description"
	"github.com/bluenviron/gortsplib/v4/pkg/format"
	"github.com/pion/rtp"
)

type relay struct {
	server    *gortsplib.Server
	mutex     sync.Mutex
	stream    *gortsplib.ServerStream
	publisher *gortsplib.ServerSession
}

// A response of its own each time: the server writes the session into it.
func ok() *base.Response { return &base.Response{StatusCode: base.StatusOK} }

func (r *relay) OnSessionClose(ctx *gortsplib.ServerHandlerOnSessionCloseCtx) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.stream != nil && ctx.Session == r.publisher {
		r.stream.Close()
		r.stream = nil
	}
}

func (r *relay) OnConnClose(ctx *gortsplib.ServerHandlerOnConnCloseCtx) { log.Print(ctx.Error) }

func (r *relay) present() (*base.Response, *gortsplib.ServerStream, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.stream == nil {
		return &base.Response{StatusCode: base.StatusNotFound}, nil, nil
	}
	return ok(), r.stream, nil
}

func (r *relay) OnDescribe(*gortsplib.ServerHandlerOnDescribeCtx) (*base.Response, *gortsplib.ServerStream, error) {
	return r.present()
}

func (r *relay) OnAnnounce(ctx *gortsplib.ServerHandlerOnAnnounceCtx) (*base.Response, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.stream != nil {
		r.stream.Close()
	}
	r.stream = gortsplib.NewServerStream(r.server, ctx.Description)
	r.publisher = ctx.Session
	return ok(), nil
}

func (r *relay) OnSetup(ctx *gortsplib.ServerHandlerOnSetupCtx) (*base.Response, *gortsplib.ServerStream, error) {
	if ctx.Session.State() == gortsplib.ServerSessionStatePreRecord {
		return ok(), nil, nil
	}
	return r.present()
}

func (r *relay) OnPlay(*gortsplib.ServerHandlerOnPlayCtx) (*base.Response, error) { return ok(), nil }

func (r *relay) OnRecord(ctx *gortsplib.ServerHandlerOnRecordCtx) (*base.Response, error) {
	ctx.Session.OnPacketRTPAny(func(media *description.Media, _ format.Format, packet *rtp.Packet) {
		r.mutex.Lock()
		defer r.mutex.Unlock()
		if r.stream == nil {
			return
		}
		if err := r.stream.WritePacketRTP(media, packet); err != nil {
			log.Print(err)
		}
	})
	return ok(), nil
}

func main() {
	if len(os.Args) != 4 {
		log.Fatal("usage: relay RTSP-ADDRESS RTP-ADDRESS RTCP-ADDRESS")
	}
	r := &relay{}
	r.server = &gortsplib.Server{
		Handler: r, RTSPAddress: os.Args[1], UDPRTPAddress: os.Args[2], UDPRTCPAddress: os.Args[3], WriteQueueSize: 4096,
	}
	if err := r.server.Start(); err != nil {
		log.Fatal(err)
	}
	fmt.Println("listener opened on", os.Args[1])
	log.Fatal(r.server.Wait())
}
